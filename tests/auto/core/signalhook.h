// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Signals by name: a hook that is called at every emission of one, whatever its arguments.
#pragma once

#include <QMetaMethod>
#include <QObject>

#include <functional>
#include <utility>

namespace Qp2p::Test {

using namespace Qt::StringLiterals;

//! \brief Is called at every emission of one signal, whatever its arguments.
class Hook final : public QObject
{
public:
    //! \a argument: the first of the signal where it is an object.
    using Slot = std::function<void(QObject *sender, QObject *argument)>;

    explicit Hook(Slot function)
        : m_function(std::move(function))
    {
    }
    void watch(QObject *object, const QByteArray &className, const QByteArray &signal)
    {
        const QMetaObject *meta = object->metaObject();
        if (meta->className() != className)
            return;
        for (int i = meta->methodOffset(); i < meta->methodCount(); ++i) {
            if (meta->method(i).name() == signal)
                QMetaObject::connect(object, i, this, QObject::staticMetaObject.methodCount(),
                                     Qt::DirectConnection, nullptr);
        }
    }
    int qt_metacall(QMetaObject::Call call, int id, void **arguments) override
    {
        id = QObject::qt_metacall(call, id, arguments);
        if (id != 0 || call != QMetaObject::InvokeMetaMethod)
            return -1;
        QObject *argument = nullptr;
        const QMetaMethod signal = sender()->metaObject()->method(senderSignalIndex());
        if (signal.parameterCount() > 0
            && signal.parameterMetaType(0).flags().testFlag(QMetaType::PointerToQObject))
            argument = *static_cast<QObject **>(arguments[1]);
        m_function(sender(), argument);
        return -1;
    }

private:
    const Slot m_function;
};

struct Signal
{
    QByteArray className;
    QByteArray name;

    bool is(const char *ofClass, const char *itsName) const
    {
        return className == "Qp2p::"_ba + ofClass && name == itsName;
    }
};

} // namespace Qp2p::Test
